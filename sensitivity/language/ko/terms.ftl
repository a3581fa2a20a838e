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
