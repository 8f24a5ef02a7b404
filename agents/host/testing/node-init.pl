# PID 1 of the test image: listens on TCP ports, answers as a supervisor would, ends at SIGTERM.
use strict; use warnings; use IO::Socket::INET; use IO::Socket::UNIX; use IO::Select;
$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { exit 0 };
if ($ENV{KINDLING_TEST_IDLE}) { sleep 1 while 1 }
open(my $f, '<', '/etc/kindling/node.json') or die "no configuration: $!";
my $json = do { local $/; <$f> };
my ($list) = $json =~ /"services":\s*\[([^\]]*)\]/;
my @services = $list =~ /"([a-z0-9-]+)"/g;
my $started = time;
my $path = '/run/kindling/supervisor.sock';
unlink $path;
my $sup = IO::Socket::UNIX->new(Local => $path, Listen => 8) or die "socket: $!";
my @tcp = map { IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $_, Listen => 16, ReuseAddr => 1) or die "port $_: $!" } (8888, 9999);
open(my $mark, '>>', '/data/starts') or die "data: $!"; print $mark "$started\n"; close $mark;
my $select = IO::Select->new($sup, @tcp);
sub info { my ($n) = @_; return "<value><struct>" . join('', map { "<member><name>$_->[0]</name><value>$_->[1]</value></member>" }
  ['name', "<string>$n</string>"], ['state', '<int>20</int>'], ['start', "<int>$started</int>"], ['stop', '<int>0</int>'], ['pid', '<int>7</int>'],
  ['spawnerr', '<string></string>'], ['description', '<string>pid 7</string>']) . "</struct></value>"; }
while (1) {
  for my $s ($select->can_read) {
    my $c = $s->accept or next;
    if ($s == $sup) {
      my $in = ''; while (sysread($c, my $b, 65536)) { $in .= $b; last if $in =~ m{</methodCall>}; }
      my $v = $in =~ /getAllProcessInfo/ ? "<value><array><data>" . join('', map { info($_) } @services) . "</data></array></value>"
        : $in =~ /tailProcessStdoutLog/ ? "<value><array><data><value><string>hello &amp; welcome\n</string></value><value><int>16</int></value><value><boolean>0</boolean></value></data></array></value>"
        : "<value><boolean>1</boolean></value>";
      if ($in =~ /startProcess/) { $started = time + 1 }
      my $xml = "<?xml version='1.0'?><methodResponse><params><param>$v</param></params></methodResponse>";
      print $c "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " . length($xml) . "\r\n\r\n$xml";
    } else {
      my $pid = fork; next if $pid;
      if (defined $pid) { my $line = <$c>; print $c "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n"; exit 0; }
    }
    close $c;
  }
  1 while waitpid(-1, 1) > 0;
}
