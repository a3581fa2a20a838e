# 시행을 읽은 방식에 대해 알아 둘 것.

logarithmic = { JOSA($name, "은/는") } { $low }에서 { $high }까지이며 로그 눈금으로 읽었다. --linear { $name } 옵션으로 바꾼다.
grid = 시행은 { $lacking ->
        [0] 완전한 격자다
       *[other] 구성 { $lacking }개가 빠진 격자다
    }. 그 값들을 수준으로 한다.
never-varies = { JOSA($name, "은/는") } 변하지 않아 뺐다.
nobody-has = { JOSA($name, "이/가") } 있는 시행이 없다.
cut-short = 모든 설정이 정해지기 전에 끝난 FAILED 시행 { $count }개를 뺐다.
maximised = { JOSA($metric, "은/는") } 최대화하는 지표이며 기록된 그대로 보인다. trials.csv의 value 열은 −{ $metric }이고 낮을수록 좋다.
