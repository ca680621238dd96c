namespace Larkspur;

/// <summary>
/// Asks the caller once more immediately before a call leaves, and before each further try: waiting for a token or a permit may have taken
/// long, and a process that stood still notices nothing of it.
/// </summary>
/// <remarks>It holds for the calls that are begun within it, not for those that fetch their tokens: those serve others too.</remarks>
public static class CallGate
{
    private static readonly AsyncLocal<Func<bool>?> Current = new();

    /// <summary>From here until the result is disposed of, in this flow of control, each call asks <paramref name="mayGo"/>.</summary>
    /// <param name="mayGo">False: nothing is sent, and the call throws <see cref="CallStoppedException"/>. It answers from memory and must not throw.</param>
    public static IDisposable Open(Func<bool> mayGo)
    {
        ArgumentNullException.ThrowIfNull(mayGo);
        var before = Current.Value;
        Current.Value = mayGo;
        return new End(before);
    }

    /// <summary>Asks now, for what is sent by other means than a platform's SDK.</summary>
    /// <exception cref="CallStoppedException">The caller does not want it any more; nothing was sent.</exception>
    public static void Pass()
    {
        if (Current.Value?.Invoke() == false) throw new CallStoppedException();
    }

    /// <summary>Takes the question out of this flow, so that calls within the call do not ask it.</summary>
    internal static Func<bool>? Take()
    {
        var mayGo = Current.Value;
        if (mayGo is not null) Current.Value = null;
        return mayGo;
    }

    private sealed class End(Func<bool>? before) : IDisposable
    {
        public void Dispose() => Current.Value = before;
    }
}

/// <summary>Whoever began a call took it back before anything was sent (<see cref="CallGate"/>).</summary>
public sealed class CallStoppedException() : Exception("The call was taken back before anything was sent.");
