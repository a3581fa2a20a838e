# 모든 방의 메시지가 쓰는 말. 어떤 시행을 말하는지에 따라 고른다.

the-noise = { $noise ->
    [seed] 시드의 노이즈
   *[other] 노이즈
}
noise = { $noise ->
    [seed] 시드의 노이즈
    [replicate] 노이즈
   *[unknown] 노이즈 또는 적합 오차
}
diverged = { $failure ->
    [divergence] 발산
   *[failure] 실패
}
# 남의 시행에는 시드 대신 반복이 있다.
a-seed = { $trial ->
    [network] 시드
   *[trial] { $noise ->
        [seed] 시드
       *[other] 반복
    }
}
one-epoch = { $progress ->
    [epoch] 에폭
   *[step] 단계
}
many-epochs = { $progress ->
    [epoch] 에폭
   *[step] 단계
}
luck = { $trial ->
    [network] 시드의 운
   *[trial] { $noise ->
        [seed] 시드의 운
       *[other] 운
    }
}
diverges = { diverged }한다
default = { $reference ->
    [default] 기본
   *[reference] 기준
}
# 시행이 하나씩뿐이어도 신경망에는 시드가 있다.
one-seed = { $trial ->
    [network] 시드
   *[trial] { a-seed }
}
many-seeds = { one-seed }
# 이름을 잇는 말.
two = { $first }, { $second }
two-and = { JOSA($first, "과/와") } { $second }
two-or = { $first } 또는 { $second }
two-with = { JOSA($second, "과/와") } 결합한 { $first }
and-more = { $first } 외 { $count }개
The-noise = { the-noise }
two-conditions = { $first }, { $second }
span = { $low }~{ $high }
