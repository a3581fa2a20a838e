# 다른 곳에 옮겨 쓰는 표 아래의 문장.

note = { $summary }. { $metric }. 시행 { $trials }개, { $noise ->
    [seed] 구성마다 시드 { $replicates }개
   *[other] { $replicates ->
        [1] 구성마다 한 번
       *[other] 한 구성에 많게는 { $replicates }번 반복
    }
}. 대괄호 안은 95 % 구간. sensitivity { $version }에서 계산.
unknown = { $summary }. 대괄호 안은 95 % 구간. sensitivity { $version }에서 계산.
