"""Terms, plans, pools, nominations, ballots and the rules that judge them."""
