namespace Larkspur.Gateway.Documents.Rights;

/// <summary>Whether the person may read.</summary>
internal enum Verdict
{
    /// <summary>Proven.</summary>
    Yes,

    /// <summary>Not proven, and every question was answered.</summary>
    No,

    /// <summary>Not proven, and the app was refused an answer that might have proven it.</summary>
    AppMayNotAsk,
}
