# 노트북에서 결과가 스스로 보여 주는 것.

facts = { $metric }, { $better }. 시행 { $trials }개, 구성 { $configurations }개, { $noise ->
    [seed] 구성마다 시드 { $replicates }개
   *[other] { $replicates ->
        [1] 구성마다 한 번
       *[other] 한 구성에 많게는 { $replicates }번
    }
}
setting = 설정
share = 분산에서 차지하는 비율
best = 가장 좋은 구성에서의 값
sure = 얼마나 확실한가
more = 그 밖의 설정 { $count }개
marks = 옅은 막대: 모든 상호작용을 포함한 전체 효과. 짙은 막대: 주효과. 선과 대괄호: 95 % 구간. 비율은 탐색한 범위에 따라 달라진다.
seed-alone = { $noise ->
    [seed] 시드만으로 설명되는 몫은 { $share }.
   *[other] 노이즈나 모델이 놓친 몫은 { $share }.
}
no-ranking = 설정의 순위를 매길 수 없음: { $reason }.
no-setting = 달라지는 설정이 없음.
tables = 표 { $count }개(이름마다 DataFrame 하나):
page = 페이지: { $page }
next = sensitivity.report(study, "out")은 페이지를 만들고, sensitivity.draw(study, "ranking", ax=ax)는 그림을 그린다.
