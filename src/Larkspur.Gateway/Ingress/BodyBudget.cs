namespace Larkspur.Gateway.Ingress;

/// <summary>Memory for request bodies of all connections together. Events are a few KiB and always find room; many large bodies at once do not.</summary>
internal sealed class BodyBudget
{
    /// <summary>Up to this size a body costs nothing.</summary>
    public const int FreeBytes = 16 << 10;

    private const long MaxBytes = 64 << 20;

    private long _taken;

    /// <exception cref="BodyBudgetException">There is no room now.</exception>
    public void Take(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= MaxBytes) return;
        Return(bytes);
        throw new BodyBudgetException();
    }

    public void Return(int bytes) => Interlocked.Add(ref _taken, -bytes);
}

/// <summary>Large bodies fill the memory that is set aside for them.</summary>
internal sealed class BodyBudgetException : Exception;
