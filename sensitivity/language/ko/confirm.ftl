# 가장 좋은 몇 개를 새 시드로 다시.

begin = 구성 { $count }개 × 새 시드 { $seeds }개
trials = 시행
only-one = 후보는 A 하나다.
best = 새 시드 { $count }개에서 가장 좋은 것: A. { $which ->
        [both] { $beaten }보다 좋고 { JOSA($tied, "과/와") }는 구별되지 않는다
        [sure] { $beaten }보다 좋다
       *[unsure] { JOSA($tied, "과/와") }는 구별되지 않는다
    } (차이는 시드별로 짝지었고, 95 %는 모든 쌍에 대하여).
take-other = { JOSA($name, "을/를") } 선택한다: A에서 표준 오차 하나 안에 들고 더 너그럽다. 스윕에서 가장 나쁜 이웃이 { $worst }이고, { $known ->
        [yes] A의 이웃은 { $beside }이다
       *[no] A에는 이웃이 없다
    }.
take-a-failing = A를 선택한다: { JOSA($near, "은/는") } 더 많은 시드에서 발산하거나 실패했고, A에서 표준 오차 하나 안에 드는 것이 달리 없다.
take-a-alone = A를 선택한다: 표준 오차 하나 안에 드는 것이 달리 없다.
take-a-unjudged = A를 선택한다: 표준 오차 하나 안에 드는 것 가운데 판단할 이웃이 있는 것이 없다.
take-a = A를 선택한다: 표준 오차 하나 안에서 가장 너그럽기도 하다. 스윕에서 가장 나쁜 이웃은 { $worst }이다.
curse = 승자의 저주: 새 시드에서 스윕의 가장 좋은 구성 { $count }개가 잃는 양은 { $size }{ $against ->
        [default] (결과를 보고 고르지 않은 기본값이 움직이는 { JOSA($moved, "을/를") } 뺀 것)
       *[nothing] { "" }
    }; { $verdict ->
        [measurable] 잴 수 있다
        [better] 잴 수 있는 손실이 없다: 새 시드에서 더 좋다
       *[small] 새 시드 { $seeds }개로 재기에는 너무 작다
    }.
left-out = { JOSA($which, "은/는") } 새 시드 { $seeds }개 가운데 { $count }개에서 결과가 없어({ $how }) 뺐다.
is = 고른 까닭
in-the-sweep = 스윕에서
confirmed = 
    다시 확인
    (95 %,
    모두 함께)
worse = 
    스윕보다
    나쁜 정도
behind = 
    A와의 차이
    (짝지음)
title = { $name }: { $metric }, 스윕에서 쓰지 않은 시드로
take = 선택
