using System.Security.Cryptography;
using Larkspur.WeCom.Callbacks;
using Larkspur.WeCom.Contacts;
using Larkspur.WeCom.Media;

namespace Larkspur.WeCom.Tests.Contacts;

/// <summary>The address book and large uploads from the SDK's side of the emulated platform.</summary>
public sealed class EmulatedAddressBookTests
{
    private static readonly MemberSettings Dave = new() { UserId = "dave", Name = "戴夫", Mobile = "13800000009", Department = [2], Position = "采购员" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_apps_secret_is_refused_as_a_matter_of_rights_with_advice()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComClient app = corp.Client();
        foreach (Func<Task> write in new Func<Task>[]
        {
            () => app.Contacts.CreateMemberAsync(Dave, Cancel), () => app.Contacts.DeleteMemberAsync("bob", Cancel), () => app.Contacts.DeleteMembersAsync(["bob"], Cancel),
            () => app.Contacts.CreateDepartmentAsync(new DepartmentSettings { Name = "x", ParentId = 1 }, Cancel), () => app.Contacts.DeleteDepartmentAsync(2, Cancel), () => app.Tags.CreateAsync("x", cancellationToken: Cancel), () => app.Tags.AddAsync(1, ["alice"], cancellationToken: Cancel),
        })
        {
            WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(write);
            Assert.Equal((48002, FailureKind.Permission, true), (refused.Code, refused.FailureKind, refused.NothingHappened));
            Assert.Contains("address-book sync", refused.Advice, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Members_and_departments_are_written_and_the_app_hears_of_them()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComContacts book = corp.AddressBook().Contacts;
        await book.CreateMemberAsync(Dave, Cancel);
        MemberChanged created = await corp.HeardAsync<MemberChanged>();
        Assert.Equal((true, "dave", "戴夫", null), (created.IsNew, created.UserId, created.Name, created.Mobile));
        Assert.Equal("dave", await book.ByMobileAsync("13800000009", Cancel));
        // The secret of an address that was added after August 2022 reads ids alone; the details below are an older one's.
        WeComApiException unread = await Assert.ThrowsAsync<WeComApiException>(() => book.MemberAsync("dave", Cancel));
        Assert.Equal((48009, FailureKind.Permission), (unread.Code, unread.FailureKind));
        await corp.Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", sync_secret_reads = "details" });
        await book.UpdateMemberAsync(new MemberSettings { UserId = "dave", Position = "主管", Email = "dave@mica.example" }, Cancel);
        MemberChanged updated = await corp.HeardAsync<MemberChanged>();
        Assert.Equal((false, "主管", null), (updated.IsNew, updated.Position, updated.Name));
        Assert.Equal(("13800000009", "dave@mica.example"), ((await book.MemberAsync("dave", Cancel)).Mobile, (await book.MemberAsync("dave", Cancel)).Email));
        Assert.Equal("dave", await book.ByEmailAsync("dave@mica.example", cancellationToken: Cancel));
        WeComApiException taken = await Assert.ThrowsAsync<WeComApiException>(() => book.CreateMemberAsync(Dave, Cancel));
        Assert.Equal((60102, FailureKind.Conflict), (taken.Code, taken.FailureKind));

        long id = await book.CreateDepartmentAsync(new DepartmentSettings { Name = "法务部", ParentId = 1 }, Cancel);
        Assert.Equal(new DepartmentChanged(true, id.ToString(), "法务部", "1", 100_000_000 - id), await corp.HeardAsync<DepartmentChanged>());
        await book.UpdateMemberAsync(new MemberSettings { UserId = "dave", Department = [id] }, Cancel);
        Assert.Equal(FailureKind.Invalid, (await Assert.ThrowsAsync<WeComApiException>(() => book.DeleteDepartmentAsync(id, Cancel))).FailureKind);
        await book.DeleteMembersAsync(["dave"], Cancel);
        Assert.Equal("dave", (await corp.HeardAsync<MemberDeleted>()).UserId);
        await book.UpdateDepartmentAsync(new DepartmentSettings { Id = id, Name = "合规部" }, Cancel);
        Assert.Contains(await book.DepartmentsAsync(cancellationToken: Cancel), d => d.Id == id && d.Name == "合规部");
        await book.DeleteDepartmentAsync(id, Cancel);
        Assert.Equal(id.ToString(), (await corp.HeardAsync<DepartmentDeleted>()).DepartmentId);
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<WeComApiException>(() => book.DeleteMemberAsync("dave", Cancel))).FailureKind);
    }

    [Fact]
    public async Task Tags_are_made_filled_emptied_and_deleted()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComTags tags = corp.AddressBook().Tags;
        long id = await tags.CreateAsync("值班", cancellationToken: Cancel);
        TagChange change = await tags.AddAsync(id, ["alice", "nobody"], [3, 99], Cancel);
        Assert.Equal((false, "nobody", "99"), (change.IsWhole, change.InvalidUsers.Single(), change.InvalidDepartments.Single()));
        TagChanged heard = await corp.HeardAsync<TagChanged>();
        Assert.Equal((id.ToString(), "alice", "3"), (heard.TagId, heard.AddedUsers.Single(), heard.AddedDepartments.Single()));
        TagMembers members = await corp.Client().Tags.MembersAsync(id, Cancel);
        Assert.Equal(("值班", "alice", 3L), (members.Name, members.UserIds.Single(), members.Departments.Single()));
        Assert.True((await tags.RemoveAsync(id, ["alice"], cancellationToken: Cancel)).IsWhole);
        await tags.RenameAsync(id, "夜班", Cancel);
        Assert.Contains(new Tag(id, "夜班"), await tags.ListAsync(Cancel));
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<WeComApiException>(() => tags.CreateAsync("夜班", cancellationToken: Cancel))).FailureKind);
        await tags.DeleteAsync(id, Cancel);
        Assert.Equal(FailureKind.NotFound, (await Assert.ThrowsAsync<WeComApiException>(() => tags.MembersAsync(id, Cancel))).FailureKind);
    }

    [Fact]
    public async Task What_breaks_a_rule_is_not_sent()
    {
        await using StubWeCom platform = await StubWeCom.StartAsync();
        WeComClient wecom = platform.Client();
        foreach (Func<Task> write in new Func<Task>[]
        {
            () => wecom.Contacts.CreateMemberAsync(Dave with { Mobile = null }, Cancel), () => wecom.Contacts.CreateMemberAsync(Dave with { Name = null }, Cancel), () => wecom.Contacts.CreateMemberAsync(Dave with { IsLeaderInDept = [1, 0] }, Cancel),
            () => wecom.Contacts.UpdateMemberAsync(new MemberSettings { UserId = "" }, Cancel), () => wecom.Contacts.DeleteMembersAsync([], Cancel), () => wecom.Contacts.DeleteMembersAsync([.. Enumerable.Range(0, 201).Select(i => $"u{i}")], Cancel),
            () => wecom.Contacts.CreateDepartmentAsync(new DepartmentSettings { Name = "a|b", ParentId = 1 }, Cancel), () => wecom.Contacts.CreateDepartmentAsync(new DepartmentSettings { Name = "a" }, Cancel), () => wecom.Contacts.UpdateDepartmentAsync(new DepartmentSettings { Name = "a" }, Cancel),
            () => wecom.Tags.CreateAsync(new string('x', 33), cancellationToken: Cancel), () => wecom.Tags.AddAsync(1, [], cancellationToken: Cancel),
            () => wecom.Media.UploadByUrlAsync(new UrlUpload { Kind = MediaKind.Image, FileName = "a", Url = new Uri("https://a.example/a"), Md5 = new string('0', 32) }, Cancel),
            () => wecom.Media.UploadByUrlAsync(new UrlUpload { Kind = MediaKind.File, FileName = "a", Url = new Uri("ftp://a.example/a"), Md5 = new string('0', 32) }, Cancel),
            () => wecom.Media.UploadByUrlAsync(new UrlUpload { Kind = MediaKind.File, FileName = "a", Url = new Uri("https://a.example/a"), Md5 = "short" }, Cancel),
        }) await Assert.ThrowsAsync<WeComContentException>(write);
        Assert.Empty(platform.Requests);
    }

    [Fact]
    public async Task Holes_in_an_answer_about_tags_are_passed_over_and_a_wrong_shape_is_an_error()
    {
        await using StubWeCom platform = await StubWeCom.StartAsync();
        platform.Get("/cgi-bin/tag/get", _ => """{"errcode":0,"errmsg":"ok","userlist":[null,{"userid":null},{"userid":"alice"}]}""");
        platform.Get("/cgi-bin/tag/list", _ => """{"errcode":0,"errmsg":"ok","taglist":null}""");
        platform.Post("/cgi-bin/media/get_upload_by_url_result", c => c.Json.GetProperty("jobid").GetString() == "1" ? """{"errcode":0,"errmsg":"ok","status":1}""" : """{"errcode":0,"errmsg":"ok","detail":{}}""");
        WeComClient wecom = platform.Client();
        Assert.Equal(["alice"], (await wecom.Tags.MembersAsync(1, Cancel)).UserIds);
        await Assert.ThrowsAsync<WeComApiException>(() => wecom.Tags.ListAsync(Cancel));
        Assert.Equal(new UrlUploadResult(UrlUploadStatus.Running, null, null, 0, ""), await wecom.Media.UrlUploadResultAsync("1", Cancel));
        await Assert.ThrowsAsync<WeComApiException>(() => wecom.Media.UrlUploadResultAsync("2", Cancel));
    }

    [Theory]
    [InlineData(AddressBookJobKind.SyncUsers, "syncuser")]
    [InlineData(AddressBookJobKind.ReplaceUsers, "replaceuser")]
    [InlineData(AddressBookJobKind.ReplaceDepartments, "replaceparty")]
    public async Task A_job_over_the_address_book_is_begun_and_followed(AddressBookJobKind kind, string path)
    {
        await using StubWeCom platform = await StubWeCom.StartAsync();
        int asked = 0;
        platform.Post("/cgi-bin/batch/" + path, c => c.Json.GetProperty("media_id").GetString() == "m1" ? """{"errcode":0,"errmsg":"ok","jobid":"j1"}""" : """{"errcode":40007,"errmsg":"x"}""");
        platform.Get("/cgi-bin/batch/getresult", c => c.Query["jobid"] == "j1" && asked++ == 0 ? """{"errcode":0,"errmsg":"ok","status":2,"type":"sync_user","total":3,"percentage":33}""" : """{"errcode":0,"errmsg":"ok","status":3,"type":"sync_user","total":3,"percentage":100,"result":[{"userid":"a","errcode":0}]}""");
        WeComContacts contacts = platform.Client().Contacts;
        Assert.Equal("j1", await contacts.BeginJobAsync(kind, "m1", Cancel));
        AddressBookJob job = await contacts.JobAsync("j1", Cancel);
        Assert.Equal((false, 33, null), (job.IsDone, job.Percentage, job.Result?.ValueKind));
        Assert.True((await contacts.JobAsync("j1", Cancel)).IsDone);
    }

    [Fact]
    public async Task A_large_file_is_fetched_by_the_platform()
    {
        await using EmulatedWeCom corp = await EmulatedWeCom.StartAsync();
        WeComClient wecom = corp.Client();
        Uri picture = await wecom.Media.UploadPictureAsync(new WeComFile("a.png", new byte[] { 0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4 }), Cancel);
#pragma warning disable CA5351 // The platform's sum is MD5.
        string md5 = Convert.ToHexString(MD5.HashData([0x89, 0x50, 0x4E, 0x47, 1, 2, 3, 4]));
#pragma warning restore CA5351
        string job = await wecom.Media.UploadByUrlAsync(new UrlUpload { Kind = MediaKind.File, FileName = "a.bin", Url = picture, Md5 = md5 }, Cancel);
        Assert.Equal(job, (await corp.HeardAsync<UploadJobEnded>()).JobId);
        UrlUploadResult done = await wecom.Media.UrlUploadResultAsync(job, Cancel);
        Assert.Equal((UrlUploadStatus.Done, 0), (done.Status, done.ErrorCode));
        using WeComDownload file = await wecom.Media.DownloadAsync(done.MediaId!, Cancel);
        Assert.Equal("a.bin", file.FileName);
        string failed = await wecom.Media.UploadByUrlAsync(new UrlUpload { Kind = MediaKind.File, FileName = "a.bin", Url = picture, Md5 = new string('0', 32) }, Cancel);
        await corp.HeardAsync<UploadJobEnded>();
        Assert.Equal((UrlUploadStatus.Failed, 301019, null), (await wecom.Media.UrlUploadResultAsync(failed, Cancel)) is var r ? (r.Status, r.ErrorCode, r.MediaId) : default);
    }
}
