using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Sides;

/// <summary>Opens tables that people work in. The platform's room implements it.</summary>
internal interface ITableOpener
{
    /// <summary>Opens a table for a sync's owner.</summary>
    /// <param name="owner">The business system whose sync it is: it sees its own bases only.</param>
    /// <param name="spec">Which table, and what was asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SideStoppedException">There is no such base or table, or it is another's.</exception>
    Task<ISide> OpenAsync(string owner, SyncSpec spec, CancellationToken cancellation);
}

/// <summary>Opens a company's own data, by the kind of its connection.</summary>
internal interface ISourceOpener
{
    /// <summary>Opens a table of a connection for a sync.</summary>
    /// <param name="owner">The business system whose sync it is: it sees its own connections only.</param>
    /// <param name="sync">The sync's number: what a side keeps of its own for it bears it.</param>
    /// <param name="spec">What was asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SideStoppedException">There is no such connection or table, or it is another's.</exception>
    Task<ISide> OpenAsync(string owner, long sync, SyncSpec spec, CancellationToken cancellation);
}
