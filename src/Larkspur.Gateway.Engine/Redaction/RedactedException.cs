namespace Larkspur.Gateway.Redaction;

/// <summary>
/// An exception whose text held a secret, as it is logged: the same words without it. Its own objects (inner exceptions, data) stay
/// behind.
/// </summary>
internal sealed class RedactedException : Exception
{
    private readonly string _text;
    private readonly string? _stack;

    public RedactedException(Exception of, string text, SecretRegistry secrets)
        : base(secrets.Hide(of.Message))
    {
        _text = text;
        _stack = of.StackTrace is { } stack ? secrets.Hide(stack) : null;
        HResult = of.HResult;
        Source = of.Source;
    }

    public override string? StackTrace => _stack;

    /// <summary>The exception itself where there is nothing to hide in it.</summary>
    public static Exception Of(Exception error, SecretRegistry secrets)
    {
        var text = error.ToString();
        var hidden = secrets.Hide(text);
        return ReferenceEquals(text, hidden) ? error : new RedactedException(error, hidden, secrets);
    }

    public override string ToString() => _text;
}
