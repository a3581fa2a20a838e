# 논문에 그대로 쓸 수 있는 수치 인용.

shares = 탐색한 범위에서 { $metric }의 분산에 대한 비율
score-of = 점수: 데이터셋마다 전체 결과의 하위 20분의 1이 0, 상위 20분의 1이 1; { $metric }
metric = 결과: { $metric }
score = 대괄호: 같은 구성을 다른 { $noise ->
    [seed] 시드
   *[other] 반복
}로 실행할 때의 95 % 스코어 구간. 재표집은 하지 않음.
surrogate = 대괄호: 적합한 대리 모델의 95 % 구간. 모델의 오차와 { the-noise }를 반영함.
draws = 대괄호: 모든 구성의 평균을 { the-noise } 안에서 다시 뽑아 얻은 95 % 구간. 너비의 구간은 격자 간격도 반영함.
proportion = 대괄호: 비율의 95 % 구간 (Wilson). 한 구성의 반복은 서로 같다고 봄. 중앙값의 구간은 여기서 얻음.
bootstrap = 대괄호: 구성을 반복째로 재표집한 95 % 부트스트랩 구간.
fresh = 대괄호: 같은 데이터셋에서 새로 반복할 때의 95 % 구간.
other = 대괄호가 있으면 95 % 구간.
trials = 시행: { $trials }개, 구성 { $configurations }개 ({ $name }).
replicates = { $noise ->
    [seed] 시드: 구성마다 { $replicates }개.
   *[other] 반복: { $replicates ->
        [1] 없음, 구성마다 한 번만 실행.
       *[other] 한 구성에 많게는 { $replicates }번.
    }
}
dataset = 데이터셋: { $dataset }.
ranges = 탐색한 범위: { $ranges }.
log = { $low } ~ { $high } (로그 눈금)
linear = { $low } ~ { $high }
scale = 비율은 다른 눈금의 결과에서 구함: { $scale }.
origin = 출처: 표 { $table }, sensitivity { $version }에서 계산.
