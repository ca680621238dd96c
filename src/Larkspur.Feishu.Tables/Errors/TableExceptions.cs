namespace Larkspur.Feishu.Tables;

/// <summary>A search that the platform would refuse. Nothing was sent.</summary>
public sealed class TableQueryException(string message) : ArgumentException(message);

/// <summary>A change of a field that would lose something, or that the platform would refuse. Nothing was changed.</summary>
public sealed class TableFieldException(string message) : InvalidOperationException(message);

/// <summary>Writing stopped before all rows were done; what became of each says <see cref="Report"/>.</summary>
/// <remarks>
/// The cause is the inner exception: a <see cref="FeishuApiException"/>, a <see cref="PlatformNetworkException"/>, or what else went wrong.
/// </remarks>
public class TableWriteException(string message, TableWriteReport report, Exception? cause) : Exception(message, cause)
{
    /// <summary>What became of each row.</summary>
    public TableWriteReport Report { get; } = report;

    /// <summary>What the platform's refusal means; <see cref="TableFailure.Other"/> when it did not answer.</summary>
    public TableFailure Failure => InnerException is FeishuApiException refused ? TableFailures.Of(refused) : TableFailure.Other;
}

/// <summary>
/// The answer to a write was lost, and nothing tells whether it was done: <see cref="TableRowState.Unknown"/> rows may be there or may
/// not. Making them again may make them twice.
/// </summary>
public sealed class TableOutcomeUnknownException(string message, TableWriteReport report, Exception? cause)
    : TableWriteException(message, report, cause);

/// <summary>
/// Writing was cancelled before all rows were done; what became of each says <see cref="Report"/>. Rows that were under way are
/// <see cref="TableRowState.Unknown"/>.
/// </summary>
public sealed class TableWriteCanceledException(string message, TableWriteReport report, OperationCanceledException cause)
    : OperationCanceledException(message, cause, (cause ?? throw new ArgumentNullException(nameof(cause))).CancellationToken)
{
    /// <summary>What became of each row.</summary>
    public TableWriteReport Report { get; } = report;
}
