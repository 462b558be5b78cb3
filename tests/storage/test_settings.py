from storage.database import Database


async def test_a_setting_is_what_it_was_last_set_to(database: Database) -> None:
    async with database.unit_of_work() as uow:
        assert await uow.settings.get("username") is None
        await uow.settings.set("username", "first_bot")
        await uow.settings.set("username", "second_bot")
        await uow.settings.set("other", "")
        await uow.commit()
    async with database.unit_of_work() as uow:
        assert await uow.settings.get("username") == "second_bot"
        assert await uow.settings.get("other") == ""
        await uow.settings.drop("username")
        await uow.settings.drop("username")
        assert await uow.settings.get("username") is None
