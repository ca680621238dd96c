namespace Larkspur.Testing.Chaos.Loads;

/// <summary>
/// What a company does with its gateways all the while that they are struck, beside the messages of the <see cref="Crowd"/>. All that
/// a gateway took of it must have come to its right end afterwards.
/// </summary>
internal interface ILoad : IAsyncDisposable
{
    /// <summary>Environment variables that the gateways need for it.</summary>
    IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>What is done before anything befalls the gateways.</summary>
    Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation);

    /// <summary>Works until <paramref name="enough"/> is cancelled, and ends what it has begun.</summary>
    Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation);

    /// <summary>What is not as it must be in the end, in sentences; asked again for a while, as long as there is something.</summary>
    Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation);

    /// <summary>How much of it there was, for the report.</summary>
    string Figures { get; }
}
