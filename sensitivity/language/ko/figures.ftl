# 그림 파일 옆에 놓이는 설명 파일의 문장.

question = 질문: { $question }
tables = 수치: { $tables }
response = 결과: { $metric }, { $better }
lower = 낮을수록 좋음
higher = 높을수록 좋음
trials = 시행: { $trials }개, 구성 { $configurations }개
replicates = { $noise ->
    [seed] 시드: 구성마다 { $replicates }개
   *[other] 반복: { $replicates ->
        [1] 없음, 구성마다 한 번만 실행
       *[other] 한 구성에 많게는 { $replicates }번
    }
}
seed = 스윕의 시드: { $seed }
one-column = 너비: { $millimetres } mm, 논문의 한 단; 가장 작은 글자 { $points } pt
two-columns = 너비: { $millimetres } mm, 논문의 두 단; 가장 작은 글자 { $points } pt
too-wide = 너비: { $millimetres } mm, 논문의 단에는 너무 넓어 한 면 전체나 포스터에 알맞음; 가장 작은 글자 { $points } pt
version = 만든 도구: sensitivity { $version }

cite = 인용할 글
cited = 그림: { $title }.
