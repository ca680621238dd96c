using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Syncing;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What the page does with connections to a company's own data.</summary>
internal sealed class ConnectionPageService(ConnectionStore connections, SyncStore syncs, SourceKinds kinds)
{
    public IEnumerable<string> Kinds => kinds.Words.Order(StringComparer.Ordinal).Reverse();

    /// <summary>All of them, each with the syncs that use it.</summary>
    public async Task<List<(ConnectionRow Row, string[] Syncs)>> ListAsync(CancellationToken cancellation)
    {
        var all = await syncs.AllAsync(cancellation);
        return (await connections.AllAsync(cancellation)).ConvertAll(row => (row,
            all.Where(sync => sync.Spec.Source.Connection == row.Name).Select(sync => sync.Name).ToArray()));
    }

    /// <summary>Adds a connection.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or the name is taken.</exception>
    public async Task AddAsync(Actor who, ConnectionDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name.Trim();
        if (!BaseReach.IsName(name)) throw new ActionRefusedException(ConnectionsTexts.BadName);
        if (await connections.FindAsync(name, cancellation) is not null) throw new ActionRefusedException(ConnectionsTexts.Taken);
        await PutAsync(who, name, draft, cancellation);
    }

    /// <summary>Another address for a connection.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or it is not there any more.</exception>
    public async Task ChangeAsync(Actor who, ConnectionDraft draft, CancellationToken cancellation)
    {
        if (await connections.FindAsync(draft.Name, cancellation) is null) throw new ActionRefusedException(ConnectionsTexts.Gone);
        await PutAsync(who, draft.Name, draft, cancellation);
    }

    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task RemoveAsync(Actor who, string name, CancellationToken cancellation)
    {
        if (!await connections.RemoveAsync(new(who), name, cancellation)) throw new ActionRefusedException(ConnectionsTexts.Gone);
    }

    /// <summary>Looks at what is there.</summary>
    /// <param name="name">The connection.</param>
    /// <param name="table">A table of it; null: only which there are.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ActionRefusedException">It is not there any more, or does not answer.</exception>
    public async Task<SourceProbe> ProbeAsync(string name, string? table, CancellationToken cancellation)
    {
        if (await connections.FindAsync(name, cancellation) is not { } row || kinds.Find(row.Kind) is not { } kind)
            throw new ActionRefusedException(ConnectionsTexts.Gone);
        return await ToldAsync(() => kind.ProbeAsync(connections.Open(row), table, cancellation));
    }

    /// <summary>What a side says against something, for the person.</summary>
    /// <exception cref="ActionRefusedException">It is away, or says no.</exception>
    internal static async Task<T> ToldAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (SideAwayException e)
        {
            throw new ActionRefusedException(ConnectionsTexts.Of(e));
        }
        catch (SideStoppedException e)
        {
            throw new ActionRefusedException(ConnectionsTexts.Of(e));
        }
    }

    private async Task PutAsync(Actor who, string name, ConnectionDraft draft, CancellationToken cancellation)
    {
        var (address, system) = (draft.Address.Trim(), draft.System.Trim());
        if (system.Length > 0 && !ListedName.IsSound(system)) throw new ActionRefusedException(ConnectionsTexts.BadSystem);
        if (kinds.Find(draft.Kind) is not { } kind) throw new ActionRefusedException(ConnectionsTexts.Gone);
        if (kind.ProblemOf(address) is { } problem)
            throw new ActionRefusedException(ConnectionsTexts.BadAddress(LocalText.From(problem)));
        try
        {
            await connections.PutAsync(new(who), name, draft.Kind, address, Shown(draft.Kind, address), system, cancellation);
        }
        catch (SyncRefusedException e)
        {
            throw new ActionRefusedException(SyncsTexts.FindRefusal(e.Word) ?? e.Word);
        }
    }

    /// <summary>Of an address what holds no secret: where it is, and never as whom.</summary>
    private static string Shown(string kind, string address) =>
        kind == "sqlite" ? Path.GetFileName(address) : PostgresAddress.Place(address);
}
