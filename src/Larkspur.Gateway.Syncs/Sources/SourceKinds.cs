using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Sources;

/// <summary>Opens sources by the kind of their connection.</summary>
internal sealed class SourceKinds(IEnumerable<ISourceKind> kinds, IConnections connections) : ISourceOpener
{
    private readonly Dictionary<string, ISourceKind> _kinds = kinds.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Words => _kinds.Keys;

    public ISourceKind? Find(string kind) => _kinds.GetValueOrDefault(kind);

    public async Task<ISide> OpenAsync(string owner, long sync, SyncSpec spec, CancellationToken cancellation)
    {
        var connection = await connections.FindAsync(owner, spec.Source.Connection, cancellation);
        if (connection is null || Find(connection.Kind) is not { } kind)
            throw new SideStoppedException(Problems.NotFound, spec.Source.Connection) { Side = SideName.Source };
        return await kind.OpenAsync(connection, sync, spec, cancellation);
    }
}

/// <summary>Connections that administrators made.</summary>
internal interface IConnections
{
    /// <summary>A connection that an owner may use; null: there is none.</summary>
    Task<SourceConnection?> FindAsync(string owner, string name, CancellationToken cancellation);
}
