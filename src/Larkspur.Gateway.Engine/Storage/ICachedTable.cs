namespace Larkspur.Gateway.Storage;

/// <summary>Something of the database that every process keeps in memory.</summary>
internal interface ICachedTable
{
    /// <summary>What it is called in table <c>revision</c>.</summary>
    string Name { get; }

    /// <summary>Reads it anew if it has changed, and tells its listeners.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be read now; what was known stays.</exception>
    Task LookAsync(CancellationToken cancellation);
}
