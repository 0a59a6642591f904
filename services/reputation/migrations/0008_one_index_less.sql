-- expand: nothing asks by it any more; older code finds a pair among the member's rows, by the primary key

drop index ratings_of_pair;
