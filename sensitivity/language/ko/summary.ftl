# 명령이 끝에 첫 화면과 순위 둘레에 적는 말.

trials = 시행 { $count }개
settings = 설정 { $count }개
at-most = {" "}(저마다 많아야 { $size })
more-settings = 그 밖의 설정 { $count }개{ $size }, 노이즈와 구별되는 것은 { $above ->
    [0] 없음
   *[other] { $above }개
}: { $command }
