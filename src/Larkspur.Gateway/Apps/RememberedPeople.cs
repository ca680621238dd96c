using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Apps;

/// <summary>What a platform's directory said of people, remembered as <see cref="DirectoryMemory{TKey,TValue}"/> says.</summary>
/// <remarks>Somebody who may not be seen is usual, and may be seen any minute.</remarks>
/// <typeparam name="T">A person as the platform tells of them.</typeparam>
internal sealed partial class RememberedPeople<T>(TimeProvider clock, ILogger logger)
    where T : class
{
    private readonly DirectoryMemory<(string App, string Id), T?> _people = new(clock)
    {
        Unknown = null,
        IsWhole = static person => person is not null,
        KeepUnknown = TimeSpan.FromMinutes(5),
        Refused = (_, e) => PersonNotVisible(logger, e.Message),
        Silent = (_, e) => DirectorySilent(logger, e.Message),
    };

    /// <summary>The person; null: the app may not see them, or the directory does not answer and has not answered within a day.</summary>
    /// <exception cref="ChannelException">The app is away, or not configured.</exception>
    public async ValueTask<T?> FindAsync(string app, string id, Func<CancellationToken, Task<T?>> ask, CancellationToken cancellation) =>
        (await _people.FindAsync([(app, id)], (_, limit) => ask(limit), cancellation))[0];

    [LoggerMessage(LogLevel.Information, "A person is not to be seen in the directory: {Reason}")]
    private static partial void PersonNotVisible(ILogger logger, string reason);
    [LoggerMessage(LogLevel.Information, "The directory did not answer: {Reason}")]
    private static partial void DirectorySilent(ILogger logger, string reason);
}
