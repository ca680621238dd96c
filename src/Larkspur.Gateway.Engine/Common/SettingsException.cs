namespace Larkspur.Gateway.Common;

/// <summary>The gateway cannot start as configured. Every problem is listed, each naming its setting.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems, Exception? inner = null)
    : Exception("The gateway cannot start:\n" + string.Join('\n', problems.Select(p => "- " + p)), inner)
{
    /// <summary>One sentence per problem.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
