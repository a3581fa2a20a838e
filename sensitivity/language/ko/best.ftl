# 선택할 구성과 그 근거.

take = 선택
chosen-by = 근거
best-mean = 최선 평균
best-result = 가장 좋은 결과
best-mean-of-replicates = 반복의 평균이 가장 좋음
rule-noise-unknown = { $best ->
        [result] 가장 좋은 결과
       *[mean] 가장 좋은 평균
    }; 노이즈의 영향은 알 수 없다
rule-forgiving = { $best ->
        [result] 가장 좋은 결과
       *[mean] 가장 좋은 평균
    }에서 표준 오차 하나({ $step }) 안에 드는 { $count }개 가운데 가장 너그러운 것
rule-no-neighbours = { $best ->
        [result] 가장 좋은 결과
       *[mean] 가장 좋은 평균
    }. 표준 오차 하나({ $step }) 안에 구성 { $count }개가 있으나 이웃이 없어, 어느 것이 가장 너그러운지 알 수 없다
rule-alone = { $best ->
        [result] 가장 좋은 결과
       *[mean] 가장 좋은 평균
    }; 표준 오차 하나({ $step }) 안에 { $failing ->
        [yes] 더 자주 실패하지 않으면서 드는 것이 달리 없다
       *[no] 드는 것이 달리 없다
    }
allowed-for = 실행 횟수가 같지 않아 쉬운 반복과 어려운 반복의 차이를 보정했다
by-confirm = confirm: 새 시드로 가장 좋은 것에서 표준 오차 하나 안에 드는 것 가운데 가장 너그러운 것
too-good = 바로 이 결과로 골랐으므로 실제보다 조금 좋게 나온다. 얼마나 좋은지는 confirm이 말해 준다.
good = { $metric } { $value }, { $over ->
        [fresh] 새 시드 { $count }개의 평균
        [replicates] 스윕의 반복 { $count }번의 평균
       *[runs] 실행 { $count }번의 평균
    }{ $known ->
        [yes] { "" }
        [lucky] { " " }(바로 이 시행으로 골랐으며, 구간은 그 운까지 헤아린 것이다)
       *[no] { " " }(구간 없음: 두 번 실행한 것이 없다)
    }
no-neighbour = 이웃이 없다
worst-neighbour = 가장 나쁜 이웃은 { $value }
fitted = 모든 예 { $count }개로 학습한 { $model }{ $rows ->
        [yes] , 데이터에 있는 행 그대로 예측한다
       *[no] { "" }
    }
chosen = { $good }. 근거: { $by }.
