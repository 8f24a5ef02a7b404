package kindling;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Starts a Spark worker as soon as its master listens. A worker that comes first is refused and waits 5 to 15 seconds before it tries
 * again; here the JVM is up and its classes are loaded by the time the port opens.
 */
public final class Gate {
  private static final String[] EARLY = {
    "org.apache.spark.deploy.worker.Worker",
    "org.apache.spark.deploy.worker.WorkerArguments",
    "org.apache.spark.deploy.worker.ui.WorkerWebUI",
    "org.apache.spark.rpc.netty.NettyRpcEnv",
    "org.apache.spark.network.TransportContext",
    "org.sparkproject.jetty.server.Server",
    "org.sparkproject.jetty.servlet.ServletContextHandler",
    "com.google.common.cache.CacheBuilder",
  };

  public static void main(String[] args) throws Exception {
    for (int i = 0; i < EARLY.length; i++) {
      try {
        Class.forName(EARLY[i]);
      } catch (ClassNotFoundException absent) {
        // Another version of Spark: it is loaded when it is used.
      }
    }
    await(args[0], Integer.parseInt(args[1]));
    String[] rest = new String[args.length - 2];
    System.arraycopy(args, 2, rest, 0, rest.length);
    Class.forName(EARLY[0]).getMethod("main", new Class[] {String[].class}).invoke(null, new Object[] {rest});
  }

  /** Connects until it works. After two minutes Spark goes its own way, which tries again for longer and says why it gives up. */
  private static void await(String host, int port) throws InterruptedException {
    long end = System.nanoTime() + 120L * 1000 * 1000 * 1000;
    while (System.nanoTime() < end) {
      Socket socket = new Socket();
      try {
        // A fresh look at the name each time: the file of names may still be growing.
        socket.connect(new InetSocketAddress(host, port), 1000);
        return;
      } catch (IOException notYet) {
        Thread.sleep(20);
      } finally {
        try {
          socket.close();
        } catch (IOException closed) {
          // Nothing was sent.
        }
      }
    }
  }
}
