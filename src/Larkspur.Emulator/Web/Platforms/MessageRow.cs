using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Platforms;

/// <summary>A message as one person reads it, ready to be drawn.</summary>
public sealed record MessageRow
{
    public required string Id { get; init; }

    /// <summary>Picks the colour of the picture, and whether a message goes on from the one above.</summary>
    public required string SenderKey { get; init; }

    public required string SenderName { get; init; }

    public required DateTimeOffset Time { get; init; }

    public bool IsBot { get; init; }

    public bool IsMine { get; init; }

    /// <summary>Beside the sender's name; empty for none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Stands in the middle instead of a message; empty for a message.</summary>
    public string Notice { get; init; } = "";

    /// <summary>Drawn without a bubble around it.</summary>
    public bool IsCard { get; init; }

    /// <summary>The text still grows.</summary>
    public bool IsGrowing { get; init; }

    public required RenderFragment Body { get; init; }

    /// <summary>What it replies to.</summary>
    public QuotedRow? Quoted { get; init; }

    /// <summary>One can reply to it.</summary>
    public bool Quotable { get; init; }

    /// <summary>Under the bubble.</summary>
    public RenderFragment? After { get; init; }

    public IReadOnlyList<string> Foot { get; init; } = [];
}

/// <summary>A message in one line, above what replies to it.</summary>
public sealed record QuotedRow(string Id, string Line);
