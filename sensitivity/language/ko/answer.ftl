# 문장으로 쓴 답: 무엇이 결정하는지, 그것이 얼마나 너그러운지, 무엇이 노이즈뿐인지.

and-then = { $first }. { $second }
with-doubt = { $clause }. 다만 { JOSA($names, "이/가") } 더 중요할 수 있다
cannot-say = 이 시행들로는 어떤 설정이 중요한지 말할 수 없다.
cannot-say-why = 이 시행들로는 어떤 설정이 중요한지 말할 수 없다: { $reasons }.
cannot-say-first = 이 시행들로는 어떤 설정이 중요한지 말할 수 없다. 지금 값으로는 { $metric } 분산에서 가장 큰 비율은 { $setting }의 { $share }이다({ $gist }).
not-shown = { JOSA($metric, "을/를") } 움직인다고 보일 수 있는 설정이 없다. 분산에서 가장 큰 비율은 { $setting }의 { $share }이다({ $gist }).
little = 크게 중요한 설정이 없다. { $metric } 분산에서 가장 큰 비율은 { $setting }의 { $share }이다({ $gist }).
leads = { $decides ->
    [yes] 결과를 결정하는 것은 { $setting }
   *[no] { $judged ->
        [all] 가장 중요한 것은 { $setting }
       *[some] 판단할 수 있는 것 가운데 가장 중요한 것은 { $setting }
    }
}: { $kind ->
    [main] { $metric } 분산의 { JOSA($share, "이/가") } 이 설정만의 몫이다(주효과)
   *[total] { $metric } 분산의 { $share }에 관여하며, 혼자 설명하는 것은 { $alone }이다
}
nothing-else = 그 밖에 { the-noise }와 구별되는 것은 없다
follows = 그다음은 { $setting }, { $share }이다
tied = { $judged ->
    [all] 가장 중요한 것은 { $settings }
   *[some] 판단할 수 있는 것 가운데 가장 중요한 것은 { $settings }
}: { $kind ->
    [main] { $metric } 분산에서 저마다의 몫은 { $shares }이다(주효과)
   *[total] { $metric } 분산에 관여하는 비율은 { $shares }, 혼자 설명하는 것은 { $alone }이다
}. { $more ->
    [0] 구간이 겹쳐
   *[other] 다른 { $more }개의 구간과도 겹쳐
} { $count ->
    [2] 둘 가운데 무엇이 더 중요한지는 알 수 없다
   *[other] 무엇이 가장 중요한지는 알 수 없다
}
inside = { $branch } 안에서 분산에 관여하는 비율: { $parts }.
inside-first = { $setting } { $share }
inside-next = { $setting } { $share }
not-judged = 시행이 모자라 판단하지 않은 설정: { $names }.

scatter = { $seeds ->
    [yes] { the-noise }
   *[no] 노이즈나 적합 오차로 흩어지는 것
}
failed = { $left ->
    [yes] 나머지 시행
   *[no] 시행
} { $all }개 가운데 { diverged }한 것은 { $count }개이다
noise-unjudged = 차이가 { the-noise }보다 큰지는 여기서 판단할 수 없다. { $failed }.
not-told = { JOSA($names, "은/는") } { $count ->
    [1] {""}
   *[other] 모두 {""}
}{ JOSA($scatter, "과/와") } 구별되지 않는다(분산의 { $share }). { $failed }.
told-all = 시도한 범위에서 모든 설정의 효과가 { JOSA($scatter, "과/와") } 구별된다(분산의 { $share }). { $failed }.
told-judged = 판단할 수 있는 것은 { JOSA($scatter, "과/와") } 구별된다(분산의 { $share }). { $failed }.

scale-raw = 있는 그대로의 { $metric }
scale-log = 로그 눈금의 { $metric }
scale-rank = { $metric }의 순위
scale-capped = 극단값을 자른 { $metric }
wide = 값이 { $decades }자릿수에 걸쳐 있다
held = 시행 { $all }개 가운데 { $count }개가 분산의 { JOSA($share, "을/를") } 차지한다
cut = { $end }보다 { $side ->
    [above] 큰
   *[below] 작은
} 값은 { JOSA($end, "으로/로") } 센다
scale = 비율은 { $taken }에 대한 것이다{ $why }{ $cut }{ $asked ->
    [yes] . 눈금은 지정한 대로이다
   *[no] . --scale raw 옵션은 있는 그대로 잰다
}.
scale-why = {" "}({ $reasons })
scale-cut = . { $cuts }
crossed = { $count }개는 노이즈를 따로 바꾼 시행
searched = { $count }개는 탐색으로 뽑은 시행
pruned = 그 밖에 중간에 잘려(pruned) 뺀 { $count }개
