using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Postgres;
using Quartz.Diagnostics;

namespace Larkspur.Gateway.Scheduling;

/// <summary>
/// Quartz's log lines among ours. What it says about itself is for debugging; that the database is away, which it says again and again with a stack
/// trace from each of its loops, is one sentence a minute.
/// </summary>
internal sealed partial class QuartzLogs(ILoggerFactory inner, TimeProvider clock) : ILoggerFactory
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);
    private static readonly AsyncLocal<ILoggerFactory?> OfThisFlow = new();

    private readonly ILogger _own = inner.CreateLogger("Larkspur.Gateway.Scheduling.Scheduler");
    private readonly Lock _gate = new();
    private long? _saidAt;

    // Half of Quartz asks a process-wide place for its loggers while it is made. Each host's flow finds its own there.
    static QuartzLogs() => LogProvider.SetLogProvider(new Ambient());

    /// <summary>What Quartz makes from here on, in this asynchronous flow, logs here.</summary>
    public void Enter() => OfThisFlow.Value = this;

    public ILogger CreateLogger(string categoryName) => new Logger(this, inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The factory behind is the host's.
    }

    /// <summary>True for what says that the database is away.</summary>
    public static bool IsUnavailable(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is StorageUnavailableException || PostgresErrors.IsUnavailable(e)) return true;
        }

        return false;
    }

    private void DatabaseIsAway(Exception exception)
    {
        lock (_gate)
        {
            if (_saidAt is { } at && clock.GetElapsedTime(at) < Quiet) return;
            _saidAt = clock.GetTimestamp();
        }

        SchedulesWaitForDatabase(exception.GetBaseException().Message);
    }

    private sealed class Logger(QuartzLogs logs, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(Ours(logLevel));

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is null || logLevel < LogLevel.Warning || !IsUnavailable(exception))
            {
                inner.Log(Ours(logLevel), eventId, state, exception, formatter);
                return;
            }

            inner.Log(LogLevel.Debug, eventId, state, exception, formatter);
            logs.DatabaseIsAway(exception);
        }

        private static LogLevel Ours(LogLevel theirs) => theirs == LogLevel.Information ? LogLevel.Debug : theirs;
    }

    private sealed class Ambient : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            OfThisFlow.Value is { } own ? own.CreateLogger(categoryName) : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public void AddProvider(ILoggerProvider provider)
        {
            // Providers belong to the hosts.
        }

        public void Dispose()
        {
            // Lives as long as the process.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The schedules wait for the database ({Reason})")]
    private partial void SchedulesWaitForDatabase(string reason);
}
