namespace Larkspur.Gateway.Tables.Bases;

/// <summary>Bases by name.</summary>
internal sealed record BaseListView(IReadOnlyList<BaseView> Items);

/// <summary>A base that is open.</summary>
internal sealed record BaseView
{
    /// <summary>By which calls name it.</summary>
    public required string Name { get; init; }

    /// <summary>As the platform called it when it was opened, or changed here.</summary>
    public required string Title { get; init; }

    /// <summary>The app by which it is read and written.</summary>
    public required string App { get; init; }

    /// <summary>The platform's name of it.</summary>
    public required string Token { get; init; }

    /// <summary>The business system that it is opened to; empty: the administrators' alone.</summary>
    public required string System { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public static BaseView Of(BaseRow row) => new()
    {
        Name = row.Name, Title = row.Title, App = row.App, Token = row.AppToken, System = row.Owner, CreatedAt = row.CreatedAt,
        ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
    };
}
