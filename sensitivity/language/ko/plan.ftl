# 구간이 얼마나 넓을지.

before = { $name }: 구성 { $count }개. 예비 실행으로 { $one ->
        [network] 신경망 { $pilot }개를 학습했다
       *[trial] 시행 { $pilot }개를 실행했다
    }. 설정마다 비율(전체 효과)의 95 % 구간의 절반 너비를 퍼센트포인트로 예상하면:
after = { $name }: 계획된 시행 { $count }개. { $more }개를 더하면 코어 { $cores }개로 약 { $time } 걸린다. 설정마다 비율(전체 효과)의 95 % 구간의 절반 너비(퍼센트포인트):
setting = 설정
share = 비율
now = 지금
then = 그때
replicates = 반복
time = 시간
between = { $low } – { $high }
doubt = 수가 둘인 곳은, 시드가 서로 가까운 설정을 함께 움직이는지 가리기에 예비 실행이 너무 작다. 작은 쪽은 그렇지 않을 때의 수다.
too-narrow = 신경망에서는 흔히 너무 좁다: 작은 스윕에서는 실제로 나온 것의 절반, 한 설정에서는 10분의 1이었다. 시드 셋으로는 드물게 발산하는 것이 잘 드러나지 않는다.
never = 모든 설정에서 { JOSA($within, "을/를") } 얻으려면 반복이 10,000번보다 더 필요하다.
enough = 모든 설정에서 { $within }: 반복 { $replicates }번{ $levels ->
        [half] (범위마다 수준을 절반으로)
       *[all] { "" }
    }, { $one ->
        [network] 신경망
       *[trial] 시행
    } { $count }개, 코어 { $cores }개로 약 { $time }.
one-more = 반복 하나를 더하면 시행 { $count }개다.
next = { $one ->
        [network] 신경망
       *[trial] 시행
    } { $before }개 대신 { $count }개. 시작하려면
next-takes = { $one ->
        [network] 신경망
       *[trial] 시행
    } { $before }개 대신 { $count }개: 코어 { $cores }개로 약 { $time }. 시작하려면
found-in = { $name } 파일이 있는 곳({ $place })에서
lasting = { $count }{ $unit ->
        [second] 초
        [minute] 분
        [hour] 시간
       *[day] 일
    }
