#!/usr/bin/perl
# Takes accents and blanks out of all names below a folder.
use strict; use warnings; use utf8; use open qw(:std :utf8);
use Encode; use File::Find; use Unicode::Normalize;
finddepth({ no_chdir => 1, wanted => sub {
    my $path = decode('UTF-8', $_);
    my ($folder, $name) = $path =~ m{^(.*)/([^/]+)$} or return;
    my $plain = NFD($name); $plain =~ s/\p{Mn}//g; $plain =~ s/[^\w.+-]+/_/g;
    rename $_, encode('UTF-8', "$folder/$plain") if $plain ne $name;
} }, $ARGV[0]);
