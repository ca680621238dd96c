using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Sessions;

/// <summary>A person is signed in with a browser.</summary>
internal sealed record SignInSession
{
    public const string Columns = "id, sid, person, method, auth_time, created_at, seen_at, address, browser";

    /// <summary>Hash of what the browser holds.</summary>
    public required string Id { get; init; }

    /// <summary>Its name for others: <c>sid</c> of tokens. Opens nothing.</summary>
    public required string Sid { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Person { get; init; }

    /// <summary>The sign-in method by which they last proved who they are.</summary>
    public required string Method { get; init; }

    /// <summary>When they did.</summary>
    public required DateTimeOffset AuthTime { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To about a minute.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    public string? Address { get; init; }

    public string? Browser { get; init; }

    public static SignInSession Read(DbDataReader row) => new()
    {
        Id = row.GetString(0), Sid = row.GetString(1), Person = row.GetString(2), Method = row.GetString(3), AuthTime = row.Time(4),
        CreatedAt = row.Time(5), SeenAt = row.Time(6), Address = row.Text(7), Browser = row.Text(8),
    };

    /// <summary>Its name alone.</summary>
    public override string ToString() => Sid;
}

/// <summary>Told of sessions that end, inside the transaction that ends them. Registered by whoever gave something by them away.</summary>
/// <remarks>The transaction may be undone and run again: no effect outside of it.</remarks>
internal interface ISignInSessionEnd
{
    ValueTask EndedAsync(IUnitOfWork unit, IReadOnlyList<SignInSession> ended);

    /// <summary>A method is gone, or is another one under its name: what was said of its groups holds no more.</summary>
    ValueTask MethodEndedAsync(IUnitOfWork unit, string method) => ValueTask.CompletedTask;

    /// <summary>Somebody signs out everywhere: what outlasts sessions ends too.</summary>
    ValueTask SignedOutEverywhereAsync(IUnitOfWork unit, string person) => ValueTask.CompletedTask;
}
