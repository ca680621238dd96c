using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>A webhook of one group: whoever knows its address may write there, and nothing else.</summary>
public sealed record CustomBot
{
    /// <summary>The last part of the webhook's address; who knows it may send.</summary>
    public required string Token { get; init; }
    public required string ChatId { get; init; }
    public required string Name { get; init; }
    public string EnName { get; init; } = "";
    /// <summary><see langword="null"/>: calls need no signature.</summary>
    public string? Secret { get; init; }
    /// <summary>One of them must stand in every message; empty: anything goes. At most 10.</summary>
    public ImmutableArray<string> Keywords { get; init; } = [];
    /// <summary>Addresses and CIDR ranges that may call; empty: all. At most 10.</summary>
    public ImmutableArray<string> AllowedAddresses { get; init; } = [];

    /// <summary>Under which its messages stand in the chat. That it looks like an app's id is UNVERIFIED.</summary>
    public string SenderId => "cli_" + WireIds.Hash("custom-bot", Token)[..16];
}
