using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>A role of the company, given to people beside their department.</summary>
public sealed record FunctionalRole(string RoleId, string Name, ImmutableArray<string> Members);

public sealed partial class EmulatorState
{
    private readonly Dictionary<string, FunctionalRole> _roles = [];

    public IReadOnlyList<FunctionalRole> Roles { get { lock (_gate) return [.. _roles.Values]; } }

    public FunctionalRole? Role(string roleId) { lock (_gate) return _roles.GetValueOrDefault(roleId); }

    public void Put(FunctionalRole role)
    {
        lock (_gate) _roles[role.RoleId] = role;
        Announce(ChangeKind.PersonChanged);
    }
}
