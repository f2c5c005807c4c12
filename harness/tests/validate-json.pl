# SPDX-License-Identifier: BSD-2-Clause
# Is a JSON file as its schema says? usage: validate-json.pl SCHEMA FILE
use strict;
use warnings;
use JSON::PP;
use JSON::Validator;

sub slurp {
	open my $file, '<:raw', $_[0] or die "$_[0]: $!\n";
	local $/;
	return <$file>;
}

my ($schema, $path) = @ARGV;
my $validator = JSON::Validator->new->schema(decode_json(slurp($schema)));
my @errors = $validator->validate(decode_json(slurp($path)));
print STDERR "$path: $_\n" for @errors;
exit(@errors ? 1 : 0);
