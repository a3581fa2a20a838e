# 표: 한 줄 요약, 이름, 페이지에 보이는 행.

trials = 모든 시행: 설정, 결과, 발산 여부.
    .title = 시행
question = 이 스윕이 물으려던 것과 그 답.
    .title = 질문
ranking = 중요한 순서의 설정과, 가장 좋은 값과 나쁜 값이 이르는 곳.
    .title = 순위
advice = 무엇을 어떤 범위에서 조정하고, 무엇을 고정하며, 무엇은 판단할 수 없는지.
    .title = 조언
best = 평균이 가장 좋은 구성과, 그것과 구별되지 않는 구성 가운데 가장 너그러운 것.
    .title = 가장 좋은 구성
variance_decomposition = 각 설정이 혼자, 다른 설정과 함께, 그리고 모두 합쳐 설명하는 분산.
    .title = 분산 분해
    .rows = { $whole }의 것
isolation_curves = 설정의 각 값에서, 다른 모든 것을 그에 맞추어 조정했을 때 가장 좋은 결과.
    .title = 설정별 최선
    .rows = { $whole }의 것
pairs = 두 설정의 값 쌍마다 가장 좋은 결과와 평균 결과.
    .title = 쌍
tolerance = 각 설정이 가장 좋은 값에서 얼마나 벗어나도 좋은지, 아무 값이나 고르면 무엇을 잃는지.
    .title = 허용 폭
    .rows = 모두 같은 기준, 나머지는 다시 조정하거나 조정하지 않음
optimizer_comparison = 옵티마이저를 나란히: 속도, 품질, 허용 폭, 실패, 조정 이득.
    .title = 옵티마이저 비교
optimizer_differences = 옵티마이저마다 너그러움, 품질, 속도를 다른 모든 것과 견준 차이.
    .title = 옵티마이저 차이
    .rows = 각 척도에서 가장 좋은 것과 나머지
moving_optimum = 다른 설정의 각 값에서 가장 좋은 학습률이 있는 곳.
    .title = 움직이는 최적 학습률
    .rows = 배치 크기가 있으면 배치 크기에 대하여
moving_optimum_slopes = 다른 설정이 커질 때 가장 좋은 학습률이 움직이는 빠르기.
    .title = 최적 학습률의 기울기
momentum_rescaling = 학습률과 β가 하나의 설정 η / (1 − β)인지 둘인지.
    .title = 모멘텀 눈금
divergence_by_level = 설정의 각 값에서 { diverged }한 시행의 비율.
    .title = 값별 { diverged }
    .rows = { $whole }의 것
capped_and_survivors = { diverged }한 시행을 빼면 순위가 어떻게 바뀌는지.
    .title = 상한과 생존
    .rows = { $whole }의 것
divergence_effects = 시행이 { diverged }하는지를 결정하는 설정.
    .title = { diverged }의 원인
    .rows = { $whole }의 것
divergence_by_pair = 두 설정의 값 쌍마다 { diverged }한 시행의 비율.
    .title = 쌍별 { diverged }
    .rows = 시행이 가장 많이 { diverged }하는 곳
tunability = 설정을 조정하면 { $reference ->
        [default] 기본값
       *[reference] 기준값
    }보다 얻는 것과 틀린 값의 비용.
    .title = 조정 이득
    .rows = { $whole }의 것
best_after_k = 무작위 시행 k번에서 기대되는 가장 좋은 결과.
    .title = k번 뒤의 최선
    .rows = { $whole }, 몇 개의 k
among_best = 가장 좋은 10분의 1 시행에서도 중요한 설정.
    .title = 최선 가운데
    .rows = { $whole }의 것
noise_sources = 가중치, 순서, 분할을 따로 바꾸었을 때 각각이 일으키는 노이즈.
    .title = 노이즈의 근원
    .rows = { $whole }의 것
training_speed = 설정의 각 값에서 목표에 이르기까지 걸리는 { many-epochs } 수.
    .title = 학습 속도
    .rows = 학습률별
learning_curves = 학습률마다 { one-epoch }별 결과. 나머지는 가장 좋은 구성과 같다.
    .title = 학습 곡선
sensitivity_over_epochs = { one-epoch }마다 각 설정이 얼마나 중요한지.
    .title = 시간에 따른 민감도
early_or_late = 학습 초반에 더 중요한 설정과 후반에 더 중요한 설정.
    .title = 초반과 후반
    .rows = { $whole }의 것
stability = 다른 { a-seed }, 다른 지표, 절반의 시행에서도 같은 순위인지.
    .title = 안정성
    .rows = { $whole }의 것
comparison = 여러 실행의 순위를 나란히.
    .title = 비교

whole = { $optimizers ->
    [yes] 모든 옵티마이저
   *[no] 모든 시행
}
first-rows = 처음 { $count }행
