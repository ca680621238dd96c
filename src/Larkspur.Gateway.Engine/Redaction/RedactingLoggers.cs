using System.Collections;

namespace Larkspur.Gateway.Redaction;

/// <summary>
/// The host's loggers. What is logged loses its secrets here, once, before any provider sees it: message, values, scopes and exceptions.
/// </summary>
internal sealed class RedactingLoggers(ILoggerFactory inner, SecretRegistry secrets) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(inner.CreateLogger(categoryName), secrets);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class Logger(ILogger inner, SecretRegistry secrets) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => state is IEnumerable<KeyValuePair<string, object?>>
            ? inner.BeginScope(new RedactedState(() => state.ToString() ?? "", state, secrets))
            : inner.BeginScope(secrets.Hide(state.ToString() ?? ""));

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel)) return;
            var message = secrets.Hide(formatter(state, exception));
            var error = exception is null ? null : RedactedException.Of(exception, secrets);
            inner.Log(logLevel, eventId, new RedactedState(() => message, state, secrets), error, static (told, _) => told.ToString());
        }
    }

    /// <summary>
    /// A message or a scope with its values. They are looked at when a provider asks for them: most scopes are never read.
    /// </summary>
    private sealed class RedactedState(Func<string> text, object? state, SecretRegistry secrets)
        : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private readonly IReadOnlyList<KeyValuePair<string, object?>>? _values = state as IReadOnlyList<KeyValuePair<string, object?>>
            ?? (state is IEnumerable<KeyValuePair<string, object?>> pairs ? [.. pairs] : null);

        public int Count => _values?.Count ?? 0;

        public KeyValuePair<string, object?> this[int index] => _values is null ? throw new ArgumentOutOfRangeException(nameof(index))
            : Hidden(_values[index]);

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => secrets.Hide(text());

        private KeyValuePair<string, object?> Hidden(KeyValuePair<string, object?> pair) => pair.Value switch
        {
            null or bool or int or long or double or Enum or DateTimeOffset or TimeSpan or Guid => pair,
            string said => new(pair.Key, secrets.Hide(said)),
            var other when other.ToString() is { } said && secrets.Hide(said) is var hidden && !ReferenceEquals(said, hidden) =>
                new(pair.Key, hidden),
            _ => pair,
        };
    }
}
