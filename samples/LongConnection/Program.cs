// The long connection by itself: says how far it can be trusted, and prints whatever the platform delivers.
using System.Runtime.InteropServices;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;

if (!FeishuOptions.TryFromEnvironment(out var app, out var missing))
{
    Console.Error.WriteLine($"LongConnection needs {missing}; to try it, run ./larkspur emulator and set the variables that it prints.");
    return 2;
}

var events = new FeishuEventDispatcher()
    // A handler that throws leaves its event unacknowledged: the platform sends it again.
    .On<ImMessageReceiveV1>((e, _) => Told($"message {e.Event.Message?.MessageId} in {e.Event.Message?.ChatId}"))
    .OnUnknown((delivery, _) => Told($"{delivery.EventType} {delivery.EventId}"));
var connection = new FeishuLongConnection(app, events);
// Connected is not proven: a connection may answer pings and never be sent an event.
connection.StateChanged += status => Console.WriteLine($"{status.State}{(status.Problem is { } problem ? $": {problem}" : "")}");

// Ctrl+C and a service's stop: what is in hand is answered before the socket closes.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await connection.RunAsync(stop.Token);
    return 0;
}
catch (FeishuLongConnectionException refused)
{
    // A wrong secret, a missing permission, another subscription mode: no further try would help.
    Console.Error.WriteLine(refused.Message);
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

static Task Told(string what)
{
    Console.WriteLine(what);
    return Task.CompletedTask;
}
