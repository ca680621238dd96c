namespace Larkspur.Gateway.Quota;

/// <summary>Calls that one run may make.</summary>
internal sealed class CallBudget(int most)
{
    public int Used { get; private set; }

    public bool IsSpent => Used >= most;

    /// <returns>False when there is none left.</returns>
    public bool TryTake()
    {
        if (IsSpent) return false;
        Used++;
        return true;
    }
}
