using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>
/// Whether a person works in the company, by what all its directories say: one that has them as a colleague is enough. Of whom no directory
/// knows, none says that they are gone.
/// </summary>
internal static class PersonPresence
{
    /// <summary>Asks the directories' rows and notes what follows from them.</summary>
    /// <returns>What is different now. Whoever makes it <see cref="PresenceChange.Left"/> ends what stands open for the person.</returns>
    public static async ValueTask<PresenceChange> JudgeAsync(IUnitOfWork unit, string person, DateTimeOffset now)
    {
        var rows = await unit.QueryAsync("""
            SELECT m.status, m.left_at FROM directory_member m JOIN person_account a ON a.id = m.account WHERE a.person = $1
            """, static row => (Status: row.GetString(0), HasLeft: !row.IsDBNull(1)), person);
        // Of whom an app may not see any more, another directory knows better.
        var known = rows.Where(r => r.HasLeft || r.Status != MemberRow.Hidden).ToArray();
        var absence = known.Length == 0 || known.Any(r => !r.HasLeft && r.Status != MemberRow.Frozen) ? null
            : known.Any(r => !r.HasLeft) ? MemberRow.Frozen : MemberRow.Left;
        var before = await unit.FirstAsync("SELECT absence FROM person WHERE id = $1",
            static row => (Known: true, Absence: row.Text(0)), person);
        if (!before.Known || before.Absence == absence) return PresenceChange.None;
        await unit.ExecuteAsync("UPDATE person SET absence = $2, absent_at = $3 WHERE id = $1",
            person, absence, absence is null ? null : now.ToUnixTimeMilliseconds());
        return absence is null ? PresenceChange.Returned : before.Absence is null ? PresenceChange.Left : PresenceChange.None;
    }
}

/// <summary>What became of a person's presence.</summary>
internal enum PresenceChange
{
    None,

    /// <summary>They may not work any more.</summary>
    Left,

    /// <summary>They may again.</summary>
    Returned,
}
