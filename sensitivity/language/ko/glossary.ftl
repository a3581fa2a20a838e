# 페이지의 용어와 그 뜻.

setting = 설정
setting-means = 학습률 같은 하이퍼파라미터

configuration = 구성
configuration-means = 쓰이는 설정마다 값을 하나씩 고른 것

trial = 시행
trial-means = { $trial ->
    [network] 한 구성을 반복의 시드(가중치, 미니배치, 데이터 분할)로 학습한 것
   *[trial] { $noise ->
        [seed] 한 구성을 반복의 시드로 실행한 것
       *[other] 한 구성을 한 번 실행한 것
    }
}

main-effect = 주효과
main-effect-means = 한 설정이 혼자 설명하는 분산의 비율 (1차 Sobol 지수)

total-effect = 전체 효과
total-effect-means = 주효과에 그 설정이 참여하는 모든 상호작용을 더한 것 (전체 Sobol 지수). 서로 겹치므로 합이 100 %를 넘을 수 있다

noise-means = 같은 구성의 시행 사이에 남는 분산의 비율

interval = [a, b]
interval-means = 95 % 구간. 줄표(–)는 알 수 없음

told = 노이즈와 구별됨
told-means = { the-noise }만으로는 거의 나타나지 않을 효과 (5 % 검정, Holm 보정). 그래도 작을 수 있으니 비율을 본다

replicate = { $trial ->
    [network] 반복, 분할과 시드
   *[trial] 반복
}
replicate-means = { $trial ->
    [network] 한 반복의 모든 시행이 함께 쓰는 것, 이를테면 쉬운 검증 분할. 반복이 둘이면 거의 알 수 없다
   *[trial] 한 반복의 모든 시행이 함께 쓰는 것. 반복이 둘이면 거의 알 수 없다
}

branch = 갈래
branch-means = 모든 시행, 또는 한 { $branch }의 시행

retuned = 다시 조정한
retuned-means = 이 값에 맞추어 다른 모든 설정을 가장 좋게 한 것

untuned = 조정하지 않은
untuned-means = 다른 설정을 고르는 모든 경우의 중앙값

slice = 단면
slice-means = 다른 모든 설정을 가장 좋은 구성에 둔 것

common-bar = 공통 기준
common-bar-means = 모든 옵티마이저에 똑같이 충분히 좋은 값: 가장 좋은 결과에서 상수 예측까지 거리의 10분의 1

cap = 상한
cap-means = { $trial ->
    [network] 발산한 시행이 갖는 값이며 어떤 시행도 이보다 크게 세지 않는다: 상수 예측의 값
   *[trial] 실패한 시행이 갖는 값이며 어떤 시행도 이보다 크게 세지 않는다
}

diverged-means = { $trial ->
    [network] 손실이나 가중치가 무한대가 되었거나 학습 손실이 처음보다 높게 끝난 것. 상수 예측의 값으로 세며 버리지 않는다
   *[trial] 유한한 결과가 없는 시행. 상한으로 세며 버리지 않는다
}
