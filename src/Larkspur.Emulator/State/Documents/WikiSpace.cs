using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Documents;

/// <summary>A knowledge space of the wiki.</summary>
public sealed record WikiSpace
{
    /// <summary>Digits.</summary>
    public required string SpaceId { get; init; }
    public required string Name { get; init; }

    /// <summary>Everybody in the company is as good as a member.</summary>
    public bool IsPublic { get; init; }

    public ImmutableArray<WikiMember> Members { get; init; } = [];
}

/// <param name="Type"><c>user</c>, <c>chat</c>, <c>department</c>, or <c>app</c>.</param>
/// <param name="Role"><c>admin</c> or <c>member</c>.</param>
public sealed record WikiMember(string Type, string Id, string Role = "member");

/// <summary>A page of a space: the place where a document hangs.</summary>
/// <param name="OriginNodeToken">A shortcut: the node that holds the document.</param>
public sealed record WikiNode(string NodeToken, string SpaceId, string ObjToken, string? OriginNodeToken = null);
