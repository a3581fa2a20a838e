# versus: 행이 말하는 것.

same = 다른 설정이 같을 때
own = 각자 자신의 최선일 때
often = { $where } { JOSA($one, "이/가") } { $other }보다 나은 쌍은 { $share } % [{ $low }, { $high }]
alone = { $where } { JOSA($one, "이/가") } { $other }보다 나은 쌍은 { $share } %. 반복이 하나뿐이라 구간이 없다.
untold = { $often }. 평균의 차이는 0과 구별되지 않는다.
told = { $often }. 평균으로는 { JOSA($better, "이/가") } 낫다.
