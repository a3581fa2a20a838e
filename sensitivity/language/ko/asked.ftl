# 이 스윕이 물으려던 것과 그 답.

moved = { JOSA($level, "은/는") } { JOSA($metric, "을/를") } { $size }만큼 { $way ->
    [lower] 낮춘다
   *[higher] 높인다
}
alike = { JOSA($names, "은/는") } 그것과 구별할 수 없다
compared = 물음: { $setting }. 나머지를 모두 다시 조정하고 { JOSA($against, "과/와") } 비교하면{ $cost } {"—"} { $parts }.
cost = {" "}(학습 한 번에 평가 { $cost }번)
costs = {" "}(학습 한 번의 평가 횟수: { $costs })
moves = 가장 좋은 학습률은 { $over }의 거듭제곱으로 움직인다. 지수: { $powers }.
stays = 움직인다고 보일 수 없다. { $over }의 지수: { $powers }.
followed = 물음: { $setting }. { $parts }
together = 모두 함께
