// RankingClient tests
