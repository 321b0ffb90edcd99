@echo off
rem Untested. Needs Java 21 or newer on the PATH.
java --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -cp "%~dp0..\lib\*" dev.rerank4j.cli.Main %*
exit /b %ERRORLEVEL%
