# 페이지의 용어와 그 뜻. 속성 "forms"는 메시지에서 그 용어를 가리키는 낱말이며, 페이지에서 처음 나오는 곳에 설명이 붙는다.

setting = 설정
setting-means = { $trial ->
    [network] 학습률 같은 하이퍼파라미터
   *[trial] 시행마다 바꾼 것: 하이퍼파라미터
}
    .forms = 설정

configuration = 구성
configuration-means = 쓰이는 설정마다 값을 하나씩 고른 것
    .forms = 구성

trial = 시행
trial-means = { $trial ->
    [network] 한 구성을 반복의 시드(가중치, 미니배치, 데이터 분할)로 학습한 것
   *[trial] { $noise ->
        [seed] 한 구성을 반복의 시드로 실행한 것
       *[other] 한 구성을 한 번 실행한 것
    }
}
    .forms = 시행

variance = 분산에서의 비율
variance-means = 모든 결과가 흩어진 정도 가운데 한 설정에서 비롯한 비율. 흩어진 정도는 분산, 곧 평균에서 떨어진 거리의 제곱 평균이다. 100 %면 다른 것은 결과를 바꾸지 않고, 0 %면 이 설정은 아무 차이도 만들지 않는다
    .forms = 분산에서의 비율, 분산

main-effect = 주효과
main-effect-means = 한 설정이 혼자 설명하는 분산의 비율 (1차 Sobol 지수)
    .forms = 주효과

interaction = 상호작용
interaction-means = 설정들이 각자 하는 일을 넘어 함께 하는 일. 한 설정의 가장 좋은 값이 다른 설정의 값에 따라 달라진다
    .forms = 상호작용

total-effect = 전체 효과
total-effect-means = 주효과에 그 설정이 참여하는 모든 상호작용을 더한 것 (전체 Sobol 지수). 서로 겹치므로 합이 100 %를 넘을 수 있다
    .forms = 전체 효과

noise-means = { $noise ->
    [unknown] 어떤 설정으로도 설명되지 않는 몫. 두 번 실행한 것이 없어, 다시 실행하면 결과가 달라지는 것인지 대리 모델이 틀린 것인지 알 수 없다
   *[other] 같은 구성의 시행 사이에 남는 분산의 비율
}
    .forms = 시드의 노이즈, 노이즈 또는 적합 오차, 노이즈

interval = [a, b]
interval-means = 95 % 신뢰구간: 이렇게 구한 구간 100개 가운데 95개가 참값을 포함한다. 줄표(–)는 알 수 없음
    .forms = 95 % 구간, 신뢰구간, 대괄호 안

told = 노이즈와 구별됨
told-means = { the-noise }만으로는 거의 나타나지 않을 효과 (5 % 검정, Holm 보정). 그래도 작을 수 있으니 비율을 본다
    .forms = 구별되지, 구별된

surrogate = 대리 모델
surrogate-means = 시행에 맞춘 모델로, 아무도 실행하지 않은 구성의 결과를 예측한다
    .forms = 대리 모델

fit = q²
fit-means = 대리 모델이 보지 못한 시행을 얼마나 잘 예측하는지. 1은 완벽, 0은 평균으로 예측하는 것과 같음
    .forms = q²

replicate = { $trial ->
    [network] 반복, 분할과 시드
   *[trial] 반복
}
replicate-means = { $trial ->
    [network] 한 반복의 모든 시행이 함께 쓰는 것, 이를테면 쉬운 검증 분할. 반복이 둘이면 거의 알 수 없다
   *[trial] 한 반복의 모든 시행이 함께 쓰는 것. 반복이 둘이면 거의 알 수 없다
}
    .forms = 반복

standard-error = 표준 오차
standard-error-means = 몇 번 안 되는 반복의 평균이 아주 많은 반복의 평균에서 보통 떨어진 거리
    .forms = 표준 오차

optimizer = 옵티마이저

branch = 갈래
branch-means = 모든 시행, 또는 한 { $branch }의 시행
    .forms = 갈래

forgiving = 가장 너그러운
forgiving-means = 가장 좋은 것과 표준 오차 하나 안에서 똑같이 좋은 구성 가운데 가장 나쁜 이웃이 가장 좋은 것. 조금 틀려도 손해가 가장 적다
    .forms = 가장 너그러운

neighbour = 이웃
neighbour-means = 다른 것은 모두 같고 숫자 하나만 한 단계 다른 구성
    .forms = 가장 나쁜 이웃, 이웃

tolerance = 허용 오차
tolerance-means = 가장 좋은 결과에서 얼마나 떨어져도 좋다고 보는가: 따로 말하지 않으면 중앙값까지 거리의 10분의 1. 모두를 하나의 기준으로 재는 곳에서는 그 안에 드는 것을 허용된다고 한다
    .forms = 허용 오차

retuned = 다시 조정한
retuned-means = 이 값에 맞추어 다른 모든 설정을 가장 좋게 한 것
    .forms = 다시 조정

untuned = 조정하지 않은
untuned-means = 다른 설정을 고르는 모든 경우의 중앙값
    .forms = 조정하지 않은, 조정하지 않음

slice = 단면
slice-means = 다른 모든 설정을 가장 좋은 구성에 둔 것
    .forms = 단면

common-bar = 공통 기준
common-bar-means = 모든 옵티마이저에 똑같이 허용되는 값: 가장 좋은 결과에서 상수 예측까지 거리의 10분의 1. 첫 화면에서 좋다고 하는 것보다 넓다
    .forms = 공통 기준

cap = 상한
cap-means = { $trial ->
    [network] 발산한 시행이 갖는 값이며 어떤 시행도 이보다 크게 세지 않는다: 상수 예측의 값
   *[trial] 실패한 시행이 갖는 값이며 어떤 시행도 이보다 크게 세지 않는다
}
    .forms = 상한

diverged-means = { $trial ->
    [network] 손실이나 가중치가 무한대가 되었거나 학습 손실이 처음보다 높게 끝나고 오차도 상수 추측보다 나을 것이 없는 것. 상수 예측의 값으로 세며 버리지 않는다
   *[trial] 유한한 결과가 없는 시행. 상한으로 세며 버리지 않는다
}
    .forms = 발산, 실패
