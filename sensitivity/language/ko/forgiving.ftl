# 한 설정이 얼마나 너그러운지, 어느 옵티마이저에서 가장 그런지.

unknown = 설정이 가장 좋은 값에서 얼마나 벗어나도 되는지는 이 시행들로 말할 수 없다.
no-matter = 나머지를 모두 다시 조정하면 { $setting } 값이 무엇이든 차이가 있다고 보이지 않는다.
bar-value = { $bar } 또는 더 좋은 값으로 유지된다
bar-median = 가장 좋은 것에서 중앙값까지 거리의 { $share } 안에 든다
width-decades = { $least ->
    [yes] 적어도 {""}
   *[no] {""}
}{ $number }자릿수{ $whole ->
    [yes] (범위 전체)
   *[no] {""}
}
width-share = { $least ->
    [yes] 적어도 {""}
   *[no] {""}
}범위의 { $number }
width-whole = 범위 전체
keeps = { $rest ->
    [tuned] 나머지를 모두 다시 조정하면 {""}
    [both] 나머지 설정을 고르는 두 경우의 평균에서 {""}
    [half] 나머지 설정을 고르는 모든 경우의 절반에서 {""}
   *[nothing] {""}
}{ $setting } { $width }에서 { JOSA($metric, "이/가") } { $bar }
keeps-nowhere = { $rest ->
    [tuned] 나머지를 모두 다시 조정해도 {""}
    [both] 나머지 설정을 고르는 두 경우의 평균에서 {""}
    [half] 나머지 설정을 고르는 모든 경우의 절반에서 {""}
   *[nothing] {""}
}{ JOSA($metric, "이/가") } { $bar }고 할 수 있는 { $setting } 값은 어느 옵티마이저에도 없다
good-values = { $kept }: { $values }.
no-optimizer-judged = { JOSA($setting, "이/가") } 얼마나 너그러운지 말할 만큼 시행이 있는 옵티마이저가 없다
few-trials = { $name }: { $why }
every = 어느 옵티마이저에서든 { $kept }
of-one = { $names }에서는 { $kept }
cut = { $names }에서는 { $kept }. 범위의 양쪽 끝에서 잘려 순위를 매기지 않는다
alike = 어느 옵티마이저가 더 너그럽다고 보일 수 없다: { $first }에서는 { $kept }. { $last }에서는 { $width }이다{ $known ->
    [yes] {""}
   *[no] {" "}(차이의 구간은 없다)
}
more-of-two = { JOSA($most, "이/가") } { $least }보다 너그럽다: { $kept }. { $least }에서는 { $width }이다
most-one = { $cut ->
    [yes] 범위에서 보이는 만큼은 {""}
   *[no] {""}
}{ JOSA($names, "이/가") } 가장 너그럽다: { $kept }
most-several = { JOSA($names, "이/가") } 가장 너그럽고 서로 구별할 수 없다: { $first }에서는 { $kept }
perhaps-as-much = { JOSA($names, "은/는") } 범위에서 잘려 그만큼 너그러울 수도 있다
least-one = { JOSA($names, "이/가") } 가장 너그럽지 못하다({ $width })
least-several = { JOSA($names, "이/가") } 가장 너그럽지 못하다({ $last }에서 { $width })
never = { JOSA($name, "은/는") } 가장 좋은 것의 허용 오차 안에 들지 않는다
perhaps-never = { JOSA($name, "이/가") } 가장 좋은 것의 허용 오차 안에 드는지는 알 수 없다
flat = { $clause }. { $flat }
with-width = { $name }에서 { $width }
retuned = 나머지를 모두 다시 조정하면 { $first }, { $last }이다.
