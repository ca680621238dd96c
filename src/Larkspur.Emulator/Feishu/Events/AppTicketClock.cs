using Larkspur.Emulator.Feishu.Auth;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Pushes the app ticket of store apps every hour of virtual time.</summary>
internal sealed class AppTicketClock(EmulatorState state, EventSource events, TokenStore tokens) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);
    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = state.Clock.CreateTimer(_ => Push(), null, Period, Period);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Push()
    {
        foreach (var app in state.Apps.Where(a => a.Kind == AppKind.Store)) events.AppTicket(app, tokens);
    }
}
