using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Documents;
using Larkspur.Gateway.Documents;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Documents;

/// <summary>Who may read. The app itself may read every one of these documents: what keeps it back is the person's right alone.</summary>
public sealed class RightTests
{
    [Fact]
    public async Task Owner_and_named_people_read_and_others_learn_not_even_the_title()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.Salary, "alice"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(SeededDocuments.Salary, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(SeededDocuments.Salary, "carol"));
        // Alice's reading is the only one that came so far as to the text.
        Assert.Equal(1, await fixture.CallsAsync($"{SeededDocuments.Salary}/blocks"));
        Assert.DoesNotContain("薪资", fixture.Gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("28500", fixture.Gateway.Logs.Text, StringComparison.Ordinal);

        var token = await fixture.SeedAsync(new { owner = "carol", people = (string[])["bob"] });
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(token, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(token, "alice"));
    }

    [Fact]
    public async Task Members_of_a_group_that_it_was_given_to_read()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var token = await fixture.SeedAsync(new { owner = "carol", chats = (string[])[SeededCompany.FinanceChat] });
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(token, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(token, "alice"));
        // Who asks in that very group is in it, without another call.
        var before = await fixture.CallsAsync("/members?");
        Assert.Equal(DocumentOutcome.Read, (await fixture.ReadAsync(token, DocumentFixture.Who("bob", SeededCompany.FinanceChat))).Outcome);
        Assert.Equal(before + 1, await fixture.CallsAsync("/members?"));
        // Another chat proves nothing.
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await fixture.ReadAsync(token, DocumentFixture.Who("alice", SeededCompany.PurchasingChat))).Outcome);

        // A group that the bot is not in cannot be looked into.
        fixture.Emulator.State.ChangeChat(SeededCompany.FinanceChat, c => c with { Bots = [] });
        var other = await fixture.SeedAsync(new { owner = "carol", chats = (string[])[SeededCompany.FinanceChat] });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(other, "bob"));
    }

    [Fact]
    public async Task Members_of_a_department_read_and_of_departments_below_it()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var token = await fixture.SeedAsync(new { owner = "bob", departments = (string[])[SeededCompany.FinanceDepartment] });
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(token, "carol"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(token, "alice"));

        fixture.Emulator.State.Put(new Department { OpenDepartmentId = "od-audit", DepartmentId = "audit", Name = "审计组", EnName = "Audit", ParentOpenDepartmentId = SeededCompany.FinanceDepartment });
        Assert.Equal(DocumentOutcome.Read, (await fixture.ReadAsync(token, DocumentFixture.Who("bob") with { OpenId = DocumentFixture.OpenId("alice"), DepartmentIds = ["od-audit"] })).Outcome);
    }

    [Fact]
    public async Task Pages_of_the_wiki_are_for_members_of_their_space_and_shortcuts_are_what_they_lead_to()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.HandbookNode, "carol", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(SeededDocuments.HandbookNode, "alice", DocumentKind.Wiki));
        // The same document by its own address.
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.Handbook, "carol"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(SeededDocuments.Handbook, "bob"));

        const string shortcut = "LkShortcutWikiNodeMica00009";
        fixture.Emulator.State.Put(new WikiSpace { SpaceId = "7300000000000000002", Name = "公开", IsPublic = true });
        fixture.Emulator.State.Put(new WikiNode(shortcut, "7300000000000000002", SeededDocuments.Handbook, SeededDocuments.HandbookNode));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(shortcut, "bob", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(shortcut, "carol", DocumentKind.Wiki));

        // A page of a public space, and one that only those who keep the space may read.
        const string open = "LkOpenPageWikiNodeMica00010", closed = "LkClosedPageWikiNodeMica011";
        await fixture.SeedAsync(new { owner = "bob", spaces = (string[])["7300000000000000002"], wiki_node = open, wiki_space = "7300000000000000002" });
        await fixture.SeedAsync(new { owner = "bob", wiki_node = closed, wiki_space = SeededDocuments.FinanceSpace });
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(open, "alice", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(closed, "carol", DocumentKind.Wiki));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, await fixture.OutcomeAsync(closed, "alice", DocumentKind.Wiki));
    }

    [Fact]
    public async Task The_company_s_link_is_for_its_people_and_the_directory_knows_them()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var bob = DocumentFixture.Who("bob");
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await fixture.ReadAsync(SeededDocuments.TravelPolicy, bob with { IsOfTenant = false })).Outcome);
        Assert.Equal(DocumentOutcome.Read, (await fixture.ReadAsync(SeededDocuments.TravelPolicy, bob with { IsOfTenant = null })).Outcome);
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await fixture.ReadAsync(SeededDocuments.TravelPolicy, new DocumentReader("ou_stranger") { IsOfTenant = null })).Outcome);
        // A link for everybody may want a password of strangers.
        var open = await fixture.SeedAsync(new { link_share = "anyone_readable" });
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(open, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForPerson, (await fixture.ReadAsync(open, new DocumentReader("ou_stranger") { IsOfTenant = false })).Outcome);
    }

    [Fact]
    public async Task What_the_app_may_not_see_is_refused()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        var stranger = await fixture.SeedAsync(new { apps = Array.Empty<string>() });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(stranger, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(stranger, "alice"));
        // The app may read, and may not see who else may: the owner is known all the same.
        var guarded = await fixture.SeedAsync(new { manage_collaborators = "collaborator_full_access", people = (string[])["bob"] });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(guarded, "bob"));
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(guarded, "alice"));
    }

    [Fact]
    public async Task Without_the_scopes_nothing_is_read()
    {
        await using var fixture = await DocumentFixture.StartAsync(app: a => a with { GrantedScopes = ["docx:document:readonly", "contact:contact.base:readonly"] });
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(SeededDocuments.TravelPolicy, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(SeededDocuments.Salary, "bob"));
        Assert.Equal(DocumentOutcome.NotAllowedForApp, await fixture.OutcomeAsync(SeededDocuments.HandbookNode, "carol", DocumentKind.Wiki));
        Assert.Equal(0, await fixture.CallsAsync("/blocks"));

        // With those of the manual, everything is.
        await fixture.Emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/scopes", new
        {
            grant = (string[])["docs:permission.setting:read", "docs:permission.member:retrieve", "drive:drive.metadata:readonly", "wiki:node:read", "wiki:space:read", "wiki:member:retrieve", "contact:user.department:readonly",
                "contact:department.organize:readonly"],
        });
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.TravelPolicy, "bob"));
        Assert.Equal(DocumentOutcome.Read, await fixture.OutcomeAsync(SeededDocuments.HandbookNode, "carol", DocumentKind.Wiki));
    }
}
