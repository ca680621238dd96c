namespace Larkspur.Gateway.People.Departments;

/// <summary>How one platform's departments lie in each other.</summary>
internal interface IDepartmentTree
{
    string Platform { get; }

    /// <summary>Asks the platform which departments a department is part of.</summary>
    /// <param name="app">The app that may see it.</param>
    /// <param name="department">Its id, as the platform writes it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="PlatformApiException">Refused: the app may not see it, or lacks a permission.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    /// <exception cref="Channels.ChannelException">The app is away.</exception>
    Task<DepartmentsAbove> ReadAsync(string app, string department, CancellationToken cancellation);
}

/// <summary>Departments that another one is part of, the nearest first.</summary>
/// <param name="Ids">Those that the app may see, up to the root.</param>
/// <param name="AreAll">False: there are others above them, or may be.</param>
internal sealed record DepartmentsAbove(IReadOnlyList<string> Ids, bool AreAll)
{
    public static readonly DepartmentsAbove Unknown = new([], false);
}

/// <summary>Somebody's departments, with those above them.</summary>
/// <param name="Ids">As the platform writes them; null: unknown.</param>
/// <param name="AreAll">False: they may be in others too.</param>
internal sealed record KnownDepartments(IReadOnlyList<string>? Ids, bool AreAll);
