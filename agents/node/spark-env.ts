/**
 * spark-env.sh: read by Spark's own scripts, with which notebooks and people start drivers. Their java finds the archive of loaded classes;
 * the program that composes the command lives for a moment only.
 */
export const sparkEnv = `JAVA_HOME=/opt/kindling
SPARK_LAUNCHER_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
`;
