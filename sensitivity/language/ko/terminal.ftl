# 터미널의 표와 읽는 법.

setting = 설정
effect = 효과
total = 전체
main = 주효과
in-best-configuration = 
    최선
    구성
above-noise = 
    노이즈
    초과?
above = 예
not-above = 아니오
inside = 안에서
replicate-row = 반복
misfit-row = 노이즈·적합 오차
noise-row = { $trial ->
    [network] 시드(노이즈)
   *[trial] { $noise ->
        [seed] 시드(노이즈)
       *[other] 노이즈
    }
}
read-main = { $main } 주효과: { $metric }의 분산 가운데 한 설정이 혼자 설명하는 비율. 이 계획으로는 상호작용을 볼 수 없다.
read-total = { $metric }의 분산에서 차지하는 비율: { $main } 혼자(주효과), { $interaction } 다른 설정과 함께 더하는 것(전체는 둘의 합이며 서로 겹친다).
read-interval = [ ]: 95 % 구간.
more-places = { $where }; { $count }개 더
more-notes = 참고 { $count }개 더: report.html
read-comparison = 설정마다의 순위와, 분산 가운데 { $kind ->
        [main] 주효과
       *[total] 전체 효과
    }의 비율. 실행이 탐색한 범위와 설정에 따른 값이므로 같은 것을 탐색한 실행끼리 비교한다.
nothing-to-compare = 비교할 것이 없다: 설정이 있는 실행이 없다
of-a-surrogate = 비율은 시행에 맞춘 대리 모델에서 나온다: { $what }.
noise-lives = { The-noise }: { $what }.
noise-has = 노이즈: { $what }.
noise-unknown = 두 번 실행한 것이 너무 적어 노이즈를 알 수 없다. 노이즈라고 한 것은 대리 모델이 설명하지 못하는 전부이므로 대리 모델의 실수일 수도 있다.
