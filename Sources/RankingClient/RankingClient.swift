// RankingClient
