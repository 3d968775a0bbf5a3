package main

func rawClient(args []string) int { return 0 }
